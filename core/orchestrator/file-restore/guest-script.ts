/** One folder of the guest that items go into. */
export interface GuestFolder {
  /** Absolute path in the guest. */
  readonly path: Uint8Array;
  /** Room that they need. */
  readonly bytes: number;
}

export interface GuestScriptRequest {
  /** Names the staging folders; letters, digits and dashes. */
  readonly id: string;
  /** Read SAS of the archive, whose members lie below `FOLDER/.cairn-ID/`. */
  readonly archiveUrl: string;
  /** SAS that may create the report. */
  readonly reportUrl: string;
  readonly folders: readonly GuestFolder[];
  /** Absolute paths of staged files that are not whole and must not be used. */
  readonly broken: readonly Uint8Array[];
  readonly existing: 'keep' | 'overwrite';
}

/** The folder beside the target in which files arrive whole before each is renamed into its place. */
export function stagingFolder(id: string): string {
  return `.cairn-${id}`;
}

/**
 * The script that puts files back inside of a Linux guest. It fetches one archive into staging folders beside the
 * targets (so that a rename into place is atomic), moves every file on its own, never replaces a folder by a file or a
 * file by a folder, hashes what it has written, and leaves a report: records `KIND\tWORD\tPATH\0` with KIND `W`
 * (written), `K` (was there and was kept) or `F` (failed), WORD the SHA-256, `-`, or the reason. Run again it ends in
 * the same state.
 */
export function guestScript(request: GuestScriptRequest): string {
  const folders = request.folders.map(({ path, bytes }) => `add ${word(path)} ${Math.ceil(bytes / 1024)}`);
  const broken = request.broken.map((path) => `drop ${word(path)}`);
  return `if ! command -v bash >/dev/null 2>&1; then echo 'bash is missing in this machine' >&2; exit 3; fi
bash /dev/fd/9 9<<'CAIRN_END_OF_SCRIPT'
${prelude}
stage=${stagingFolder(request.id)}
existing=${request.existing}
archive_url=$(text ${word(request.archiveUrl)})
report_url=$(text ${word(request.reportUrl)})
${folders.join('\n')}
${fetching}
${broken.join('\n')}
${placing}
CAIRN_END_OF_SCRIPT
`;
}

/** Paths and addresses travel as base64: nothing in them can mean anything to a shell. */
function word(value: string | Uint8Array): string {
  return Buffer.from(value).toString('base64');
}

const prelude = `set -u -o pipefail
umask 022
export LC_ALL=C
for tool in base64 curl tar sha256sum find mv df mkdir chown chmod stat touch rm mktemp; do
  command -v "$tool" >/dev/null 2>&1 || { echo "$tool is missing in this machine" >&2; exit 3; }
done
tar --version 2>/dev/null | grep -q 'GNU tar' || { echo 'GNU tar is missing in this machine' >&2; exit 3; }
# A final dot keeps line breaks at the end of a name.
text() { printf '%s' "$1" | base64 -d; }
folders=(); needs=()
add() {
  local path
  path=$(text "$1"; printf .)
  folders+=("\${path%.}"); needs+=("$2")
}`;

const fetching = `report=$(mktemp) || exit 4
clean() { local folder; for folder in "\${folders[@]}"; do rm -rf -- "$folder/$stage"; done; }
finish() { clean; rm -f -- "$report"; }
trap finish EXIT
written=0; kept=0; failed=0
say() { printf '%s\\t%s\\t%s\\0' "$1" "$2" "$3" >>"$report"; }
fail() { failed=$((failed + 1)); say F "$2" "$1"; }
hash_of() { if [ -f "$1" ] && [ ! -L "$1" ]; then sha256sum <"$1" | cut -c 1-64; else printf -- -; fi; }

clean
for index in "\${!folders[@]}"; do
  place=\${folders[$index]}
  while [ ! -d "$place" ]; do place=\${place%/*}; [ -n "$place" ] || place=/; done
  free=$(df --output=avail -k -- "$place" | tail -n 1)
  if [ "$free" -lt $((needs[index] + 1024)) ]; then
    echo "There is not enough room in $place: \${needs[$index]} KiB are needed and \${free// /} KiB are free." >&2
    exit 6
  fi
done

fetched=no
for try in 1 2 3; do
  if curl --fail --silent --show-error --location --connect-timeout 30 --speed-limit 1 --speed-time 120 "$archive_url" |
    tar --extract --file=- --directory=/ --numeric-owner --same-owner --same-permissions \\
      --keep-directory-symlink --no-overwrite-dir --warning=no-timestamp; then fetched=yes; break; fi
  clean
  sleep $((try * 3))
done
[ $fetched = yes ] || { echo 'The files could not be fetched into this machine.' >&2; exit 5; }
drop() { local path; path=$(text "$1"; printf .); rm -f -- "\${path%.}"; }`;

const placing = `put_folder() {
  if [ -d "$2" ]; then return; fi
  if [ -e "$2" ] || [ -L "$2" ]; then fail "$2" 'something that is not a folder has this name'; return; fi
  if mkdir -- "$2" && chown --reference="$1" -- "$2" && chmod --reference="$1" -- "$2"; then
    made+=("$2" "$(stat --format=%.9Y -- "$1")")
  else fail "$2" 'the folder could not be made'; fi
}
put_file() {
  local sum
  if [ -d "$2" ] && [ ! -L "$2" ]; then fail "$2" 'a folder has this name'; return; fi
  if [ $existing = keep ] && { [ -e "$2" ] || [ -L "$2" ]; }; then
    kept=$((kept + 1)); say K "$(hash_of "$2")" "$2"; return
  fi
  if mv -fT -- "$1" "$2" 2>/dev/null; then
    sum=$(hash_of "$2"); written=$((written + 1)); say W "$sum" "$2"; placed+=("$2")
  else fail "$2" 'the file could not be put in its place'; fi
}

made=(); placed=()
for folder in "\${folders[@]}"; do
  base=\${folder%/}
  [ -d "$base/$stage" ] || continue
  cd -- "$base/$stage" || exit 7
  while IFS= read -r -d '' path; do put_folder "$path" "$base/\${path#./}"; done < <(find . -mindepth 1 -type d -print0)
  while IFS= read -r -d '' path; do put_file "$path" "$base/\${path#./}"; done < <(find . -mindepth 1 ! -type d -print0)
  for ((index = \${#made[@]} - 2; index >= 0; index -= 2)); do
    touch --date="@\${made[$index + 1]}" -- "\${made[$index]}"
  done
  made=()
  cd /
done
if command -v restorecon >/dev/null 2>&1 && [ \${#placed[@]} -gt 0 ]; then
  printf '%s\\0' "\${placed[@]}" | xargs -0 restorecon >/dev/null 2>&1 || true
fi
for folder in "\${folders[@]}"; do if [ -d "$folder" ]; then sync -f "$folder" || true; fi; done
curl --fail --silent --show-error --retry 5 --request PUT --header 'x-ms-blob-type: BlockBlob' \\
  --header 'x-ms-version: 2021-12-02' --header 'Content-Type: application/octet-stream' --header 'Expect:' \\
  --upload-file "$report" "$report_url" >/dev/null || { echo 'The report could not be sent.' >&2; exit 8; }
echo "written=$written kept=$kept failed=$failed"`;
