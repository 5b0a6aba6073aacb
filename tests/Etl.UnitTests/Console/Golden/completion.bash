_etl() {
  local IFS=$'\n' line="${COMP_LINE:0:COMP_POINT-${#2}}"
  COMPREPLY=($(compgen -W "$("${1/#\~/$HOME}" "[suggest:${#line}]" "$line" 2>/dev/null | grep -v -e '^/' -e '^-[?h]$')" -- "$2"))
}
complete -o default -F _etl etl
