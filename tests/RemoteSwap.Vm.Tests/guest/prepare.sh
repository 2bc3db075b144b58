#!/usr/bin/env bash
# Makes the guest: a Debian kernel and an initramfs with busybox, the swapper and the modules of a virtio disk.
# Prints two lines: the kernel's path and the initramfs's path. Installs nothing into the system.
#
# What it makes is kept in artifacts/guest, by kernel version and by the content of the sources: a second run makes
# nothing. Without a network: put a linux-image-*-cloud-amd64 package (.deb) into artifacts/guest.
#
# Ends with 69 and the reason when something is missing here; with another code when the guest does not build.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cache=$(cd "$here/../../.." && pwd)/artifacts/guest
metapackage=linux-image-cloud-amd64
modules="virtio_ring virtio virtio_pci_modern_dev virtio_pci_legacy_dev virtio_pci virtio_blk"
# shellcheck source=packages.sh
. "$here/packages.sh"

unavailable() {
  echo "prepare.sh: $*" >&2
  exit 69
}

# The concrete kernel package that apt knows; nothing if it knows none.
wanted_kernel() {
  command -v apt-cache > /dev/null || return 0
  apt-cache depends "$metapackage" 2> /dev/null \
    | sed -n 's/^ *|\{0,1\}Depends: \(linux-image-[0-9][^ ]*-cloud-amd64\)$/\1/p' | tail -n 1
}

# Unpacks a kernel package into the cache, whole or not at all.
unpack() {
  local package=$1 unpacked=$cache/unpacking.$$ version
  dpkg-deb -x "$package" "$unpacked" || return 1
  version=$(cd "$unpacked/boot" && echo vmlinuz-*)
  rm -rf "${cache:?}/${version#vmlinuz-}"
  mv "$unpacked" "$cache/${version#vmlinuz-}"
  # Nothing but the kernel and its modules is needed.
  rm -rf "$cache/${version#vmlinuz-}/usr/share"
}

newest() { find "$cache" -mindepth 1 -maxdepth 1 "$@" | sort -V | tail -n 1; }

# Prints the folder of an unpacked kernel: the one apt would install, else a .deb that lies there, else the newest kept.
kernel_folder() {
  local wanted version deb
  wanted=$(wanted_kernel)
  version=${wanted#linux-image-}
  if [ -n "$wanted" ] && [ ! -d "$cache/$version" ] && [ -z "$(newest -name "${wanted}_*.deb")" ]; then
    (cd "$cache" && apt-get -o APT::Sandbox::User=root download "$wanted" >&2) \
      || echo "prepare.sh: $wanted does not download; looking for another kernel in artifacts/guest" >&2
  fi
  deb=$(newest -name "linux-image-*-cloud-amd64_*.deb")
  if [ -n "$deb" ]; then
    unpack "$deb" || echo "prepare.sh: $deb does not unpack" >&2
    rm -f "$deb"
  fi
  if [ -n "$wanted" ] && [ -d "$cache/$version" ]; then
    echo "$cache/$version"
  else
    newest -type d -name '*-cloud-amd64'
  fi
}

# Copies the modules that this kernel does not have built in, numbered in load order.
copy_modules() {
  local folder=$1 to=$2 number=10 name found
  for name in $modules; do
    found=$(find "$folder" -name "$name.ko" -o -name "$name.ko.*" | head -n 1)
    case "$found" in
      "") grep -rqs --include=modules.builtin "/$name.ko$" "$folder" \
        || { echo "prepare.sh: the kernel has no module $name" >&2; return 1; } ;;
      *.ko) cp "$found" "$to/$number-$name.ko" ;;
      *.xz) xz -dc "$found" > "$to/$number-$name.ko" ;;
      *) echo "prepare.sh: $found is packed in a way not known here" >&2; return 1 ;;
    esac
    number=$((number + 1))
  done
}

build_initramfs() {
  local folder=$1 to=$2 root=$cache/root.$$
  mkdir -p "$root"/{bin,proc,sys,dev,modules}
  gcc -O2 -static -pthread -Wall -Wextra -Wconversion "$here/swapper.c" -o "$root/bin/swapper"
  cp "$busybox" "$root/bin/busybox"
  install -m 755 "$here/init" "$root/init"
  copy_modules "$folder" "$root/modules"
  (cd "$root" && find . | sort | cpio -o -H newc -R 0:0 --quiet | gzip -1 -n) > "$to.$$"
  mv "$to.$$" "$to"
}

[ "$(uname -m)" = x86_64 ] || unavailable "the guest is for x86_64, and this is $(uname -m)"
missing=$(missing_packages | tr '\n' ' ')
[ -z "$missing" ] || unavailable "missing: $missing(tests/RemoteSwap.Vm.Tests/guest/install.sh installs them)"
busybox=$(static_busybox)

mkdir -p "$cache"
exec 9> "$cache/lock"
flock 9
trap 'rm -rf "$cache/root.$$" "$cache/unpacking.$$"' EXIT
folder=$(kernel_folder)
[ -n "$folder" ] || unavailable "no guest kernel: $metapackage cannot be downloaded here. With a network, run" \
  "install.sh as root; without, put a linux-image-*-cloud-amd64 package (.deb) into artifacts/guest"

sources=$(cat "$here"/{swapper.c,page_content.h,init,prepare.sh} "$busybox" | sha256sum | cut -c1-16)
initramfs=$folder/initramfs-$sources.gz
if [ ! -f "$initramfs" ]; then
  rm -f "$folder"/initramfs-*
  build_initramfs "$folder" "$initramfs"
fi
ls "$folder"/boot/vmlinuz-*
echo "$initramfs"
