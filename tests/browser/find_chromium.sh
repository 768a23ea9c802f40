#!/bin/sh
# Prints the path of a Chromium; installs Debian's where that is allowed, otherwise says what is missing (status 3).
for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome; do
  [ -n "$name" ] && command -v "$name" && exit 0
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  { apt-get -qq update && apt-get -qq -y --no-install-recommends install chromium fonts-liberation; } >/dev/null 2>&1
  command -v chromium && exit 0
fi
echo "Not run: no Chromium here (set CHROMIUM, or install the Debian package chromium)." >&2
exit 3
