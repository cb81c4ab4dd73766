#!/bin/sh
# Installs the pratique binary: finds the architecture, downloads the release, verifies its SHA-256, moves it into place.
# usage: install.sh [-b DIR] [VERSION]
#   -b DIR    where to put the program (default ./bin)
#   VERSION   such as v0.1.0 (default: the latest release)
# PRATIQUE_DOWNLOAD_URL replaces the address that releases are downloaded from.
set -eu

usage() {
  echo "usage: $0 [-b DIR] [VERSION]" >&2
  exit 2
}

fail() {
  echo "install.sh: $*" >&2
  exit 1
}

fetch() {
  if command -v curl >/dev/null 2>&1; then
    # No redirect leads from https to http.
    case $1 in https:*) schemes='=https' ;; *) schemes='=https,http' ;; esac
    curl --fail --silent --show-error --location --proto "$schemes" --output "$2" "$1"
  elif command -v wget >/dev/null 2>&1; then
    wget -q -O "$2" "$1"
  else
    fail 'neither curl nor wget is installed'
  fi
}

sha256_of() {
  if command -v sha256sum >/dev/null 2>&1; then
    sha256sum "$1" | cut -d ' ' -f 1
  elif command -v shasum >/dev/null 2>&1; then
    shasum -a 256 "$1" | cut -d ' ' -f 1
  else
    fail 'neither sha256sum nor shasum is installed: the download cannot be verified'
  fi
}

directory=./bin
while getopts b:h option; do
  case $option in
    b) directory=$OPTARG ;;
    *) usage ;;
  esac
done
shift $((OPTIND - 1))
[ $# -le 1 ] || usage
version=${1:-latest}
case $version in
  latest | v[0-9]*) ;;
  [0-9]*) version=v$version ;;
  *) fail "$version is no version" ;;
esac

case $(uname -s) in
  Linux) system=linux ;;
  Darwin) system=darwin ;;
  *) fail "there is no binary for $(uname -s): install the npm package" ;;
esac
case $(uname -m) in
  x86_64 | amd64) machine=x64 ;;
  aarch64 | arm64) machine=arm64 ;;
  *) fail "there is no binary for $(uname -m): install the npm package" ;;
esac

base=${PRATIQUE_DOWNLOAD_URL:-https://github.com/pratique/pratique/releases}
if [ "$version" = latest ]; then source=$base/latest/download; else source=$base/download/$version; fi
name=pratique-$system-$machine

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
fetch "$source/$name" "$scratch/$name" || fail "cannot download $source/$name"
fetch "$source/checksums.txt" "$scratch/checksums.txt" || fail "cannot download $source/checksums.txt"
expected=$(awk -v name="$name" '$2 == name || $2 == "*" name { print $1 }' "$scratch/checksums.txt")
[ -n "$expected" ] || fail "checksums.txt does not list $name"
actual=$(sha256_of "$scratch/$name")
[ "$expected" = "$actual" ] || fail "the download is damaged or was changed: SHA-256 is $actual, not $expected"

mkdir -p "$directory"
chmod 0755 "$scratch/$name"
# Moved within one file system, so that a running program is replaced as a whole.
cp "$scratch/$name" "$directory/.pratique.$$"
mv "$directory/.pratique.$$" "$directory/pratique"
echo "installed $directory/pratique"
