/**
 * The program of the rules guard, in POSIX sh: holds rules against Falco's own verdict before Falco starts (`once`), and
 * again whenever they change (`watch`); `check` only judges, and fails where Falco does not take them.
 *
 * It speaks to Falco by one configuration file, which it puts in place by a rename: Falco watches the directory and
 * reloads. Three states: the rules as they are; the last ones that Falco took, kept in a copy; Falco's stock rules alone.
 *
 * Falco's verdict is that of `--dry-run`, which it also asks itself before each reload. If Falco refuses its configuration
 * without our rules too, or says nothing in time, the rules are not to blame, and it is left to Falco to say what is.
 *
 * Facts, from Falco's source (configuration.cpp, load_rules_files.cpp): a list in an included configuration file is
 * appended to the list of the main one, a missing rules file is skipped, and with no rules file at all Falco doesn't start.
 */
export const RULES_GUARD_SCRIPT = `#!/bin/sh
set -u

falco=\${FALCO:-/usr/bin/falco}
config=\${FALCO_CONFIG:-/etc/falco-egress/config/falco.yaml}
rules=\${RULES:-/etc/falco/rules.d}
stock=\${STOCK_RULES:-/etc/falco/falco_rules.yaml}
state=\${STATE:-/run/falco-egress}
message=\${TERMINATION_MESSAGE:-/dev/termination-log}
interval=\${INTERVAL:-10}
limit=\${LIMIT:-60}

say() {
  printf 'rules-guard: %s\\n' "$*" >&2
}

# Changes when a rules file, its name, or Falco's configuration does.
fingerprint() {
  for file in "$rules"/*.yaml "$rules"/*.yml "$config"; do
    if [ -f "$file" ]; then
      printf '%s\\n' "$file"
      cat "$file"
    fi
  done | cksum
}

# Copies the rules to where nobody changes them: what is judged is what is kept.
snapshot() {
  while :; do
    seen=$(fingerprint)
    rm -rf "$state/candidate"
    mkdir -p "$state/candidate" || return 1
    for file in "$rules"/*.yaml "$rules"/*.yml; do
      if [ -f "$file" ]; then cp "$file" "$state/candidate/"; fi
    done
    if [ "$(fingerprint)" = "$seen" ]; then return 0; fi
  done
}

with_rules() {
  printf 'rules_files:\\n  - "%s"\\n' "$1"
}

# Falco doesn't start without any rules file.
without_rules() {
  if grep -qF -- "$stock" "$config"; then
    printf '{}\\n'
  else
    with_rules "$stock"
  fi
}

# Says in every alert which rules raised it.
marked() {
  printf 'append_output:\\n'
  printf '  - extra_output: "(falco_egress_rules=%s)"\\n' "$1"
  printf '    extra_fields:\\n'
  printf '      - falco_egress_rules: "%s"\\n' "$1"
}

# Ends what hangs, where the image has a command for that.
bounded() {
  if command -v timeout >/dev/null 2>&1; then timeout -k 5 "$limit" "$@"; else "$@"; fi
}

# Whether Falco would start with its configuration and this addition to it.
takes() {
  rm -rf "$state/check"
  mkdir -p "$state/check/config.d" || return 1
  cat >"$state/check/config.d/rules.yaml"
  sed "s|$state/config.d|$state/check/config.d|" "$config" >"$state/check/falco.yaml"
  bounded "$falco" -c "$state/check/falco.yaml" --dry-run >"$state/verdict" 2>&1
}

# Puts the addition in place, unless it is there already.
put() {
  mkdir -p "$state/config.d"
  cat >"$state/next"
  if cmp -s "$state/next" "$state/config.d/rules.yaml"; then return 0; fi
  mv -f "$state/next" "$state/config.d/rules.yaml"
}

shout() {
  say "$1"
  while IFS= read -r line; do say "$line"; done <"$state/verdict.rules"
  # Kubernetes keeps 4096 bytes of a termination message; what Falco refuses it says at the end.
  { printf '%s\\n' "$1"; tail -c 3600 "$state/verdict.rules"; } 2>/dev/null >"$message" || :
}

judge() {
  snapshot || return 1
  with_rules "$state/candidate" | takes
  case $? in
    0) accept ;;
    # Ended from outside: by timeout (124; 143 in other makes of it; 137 after -k), or by the kernel for its memory (137).
    124 | 137 | 143)
      mv "$state/verdict" "$state/verdict.rules"
      undecided "Falco gave no verdict on the rules in $rules within $limit s"
      ;;
    *)
      mv "$state/verdict" "$state/verdict.rules"
      if without_rules | takes; then
        refuse
      else
        undecided "Falco refuses its configuration even without the rules in $rules"
      fi
      ;;
  esac
  printf '%s\\n' "$seen" >"$state/seen"
}

accept() {
  verdict=taken
  with_rules "$rules" | put
  rm -rf "$state/kept"
  mv "$state/candidate" "$state/kept"
  rm -f "$state/refused"
  say "Falco takes the rules in $rules"
}

undecided() {
  verdict=none
  with_rules "$rules" | put
  rm -f "$state/refused"
  shout "UNDECIDED: $1; it runs as it is. What it says:"
}

refuse() {
  verdict=refused
  if [ -d "$state/kept" ]; then
    what='the last rules that it took'
    { with_rules "$state/kept"; marked "last good: the rules now in place are refused"; } | put
  else
    what='its stock rules only'
    { without_rules | grep -v '^{}$'; marked "stock only: the rules in place are refused"; } | put
  fi
  : >"$state/refused"
  shout "REFUSED: Falco does not take the rules in $rules; it runs with $what until they are mended. What it says:"
}

once() {
  judge
  # Whatever went wrong here must not keep Falco from starting.
  if [ ! -f "$state/config.d/rules.yaml" ]; then with_rules "$rules" | put; fi
}

check() {
  judge && [ "$verdict" = taken ] || exit 1
}

watch() {
  trap 'exit 0' TERM INT
  while :; do
    : >"$state/alive"
    if [ "$(fingerprint)" != "$(cat "$state/seen" 2>/dev/null)" ]; then judge; fi
    sleep "$interval" &
    wait $!
  done
}

case \${1:-once} in
  once) once ;;
  watch) watch ;;
  check) check ;;
  *) say "usage: rules-guard.sh once|watch|check" ;;
esac
exit 0
`;
