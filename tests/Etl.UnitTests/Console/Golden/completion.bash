_etl() {
  local IFS=$'\n'
  COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null | grep -v -e '^/' -e '^-[?h]$')" -- "${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _etl etl
