output "run_task" {
  description = "Command that starts the task for a business date."
  value       = module.etl.run_task
}
