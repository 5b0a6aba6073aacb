#compdef etl
_etl() {
  local -a found
  found=("${(@f)$("${words[1]}" "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null | grep -v -e '^/' -e '^-[?h]$')}")
  compadd -- "${found[@]}" || _files
}
compdef _etl etl
