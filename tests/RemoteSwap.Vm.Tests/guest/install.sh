#!/usr/bin/env bash
# Installs what the guest needs, on Debian as root, and prepares the guest. Does nothing where all is there.
#
#   install.sh           install and prepare
#   install.sh --list    print the packages
#
# Ends with 0 when the guest can be started, 69 when something is missing and cannot be installed here.
set -euo pipefail
cd "$(dirname "$0")"
# shellcheck source=packages.sh
. ./packages.sh

if [ "${1:-}" = --list ]; then
  echo "$guest_packages"
  exit 0
fi

say() { echo "install.sh: $*" >&2; }

update() {
  [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null && apt-get update >&2
}

missing=$(missing_packages | tr '\n' ' ')
if [ -n "$missing" ]; then
  if [ "$(id -u)" != 0 ] || ! command -v apt-get > /dev/null; then
    say "missing: $missing(install them with apt-get as root)"
    exit 69
  fi
  say "installing $missing"
  # shellcheck disable=SC2086
  { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing; } >&2 || {
    say "apt-get could not install $missing: is there a network?"
    exit 69
  }
fi

# A kernel that was superseded cannot be downloaded by an old package list.
./prepare.sh > /dev/null || { update && ./prepare.sh > /dev/null; }
