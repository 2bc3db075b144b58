# Sourced: what the guest needs of Debian, each package with a program or file that tells whether it is there.
# One place for install.sh (which installs them) and prepare.sh (which says what is missing).
guest_packages="qemu-system-x86 qemu-utils busybox-static cpio gcc libc6-dev dpkg-dev xz-utils nbdkit"

# Prints the packages of the list that are missing.
missing_packages() {
  command -v qemu-system-x86_64 > /dev/null || echo qemu-system-x86
  command -v qemu-io > /dev/null || echo qemu-utils
  static_busybox > /dev/null || echo busybox-static
  command -v cpio > /dev/null || echo cpio
  command -v gcc > /dev/null || echo gcc
  gcc -print-file-name=libc.a 2> /dev/null | grep -q / || echo libc6-dev
  command -v dpkg-deb > /dev/null || echo dpkg-dev
  command -v xz > /dev/null || echo xz-utils
  command -v nbdkit > /dev/null || echo nbdkit
}

# Prints where a busybox is that needs no libraries.
static_busybox() {
  local path
  path=$(command -v busybox) || return 1
  ! ldd "$path" > /dev/null 2>&1 || return 1
  echo "$path"
}
