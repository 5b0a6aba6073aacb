output "run_by_hand" {
  description = "Command that runs a business date."
  value       = module.etl.run_by_hand
}
