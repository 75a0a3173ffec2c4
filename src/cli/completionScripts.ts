/** The scripts that connect a shell's TAB to `btcli __complete`. */

/** Shells there is a script for. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof SHELLS)[number]

/** The script of a shell, ending in a line break. */
export function completionScript(shell: Shell): string {
  return SCRIPTS[shell]
}

// Bash splits words at `=` and replaces only what stands after it, so the part before it is cut off again.
const BASH = `# bash completion of btcli. Load it with: eval "$(btcli completion bash)"
_btcli() {
  local current="\${COMP_WORDS[COMP_CWORD]}" line
  COMPREPLY=()
  while IFS=$'\\t' read -r line _; do
    if [[ $line == ':files' ]]; then
      type compopt >/dev/null 2>&1 && compopt -o default
      return
    fi
    if [[ $line == --*=* && $current != --* ]]; then line="\${line#*=}"; fi
    printf -v line '%q' "$line"
    COMPREPLY+=("$line")
  done < <(btcli __complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _btcli btcli
`

const ZSH = `#compdef btcli
# zsh completion of btcli. Load it with: eval "$(btcli completion zsh)"
_btcli() {
  local -a lines items
  local line
  lines=("\${(@f)$(btcli __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ "\${lines[1]}" == ':files' ]]; then
    _files
    return
  fi
  for line in $lines; do
    [[ -n $line ]] || continue
    local value="\${line%%$'\\t'*}" text=''
    [[ $line == *$'\\t'* ]] && text=":\${line#*$'\\t'}"
    items+=("\${value//:/\\\\:}$text")
  done
  (( \${#items} )) && _describe -V btcli items
}
if [[ "\${funcstack[1]}" == _btcli ]]; then
  _btcli "$@"
else
  compdef _btcli btcli
fi
`

const FISH = `# fish completion of btcli. Load it with: btcli completion fish | source
function __btcli_complete
    set -l words (commandline -opc)
    set -e words[1]
    set -l current (commandline -ct)
    set -l lines (btcli __complete $words "$current" 2>/dev/null)
    if test "$lines[1]" = ':files'
        __fish_complete_path "$current"
    else
        string join \\n -- $lines
    end
end
complete -c btcli -f -k -a '(__btcli_complete)'
`

const SCRIPTS: Readonly<Record<Shell, string>> = { bash: BASH, zsh: ZSH, fish: FISH }
