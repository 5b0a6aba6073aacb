output "run_by_hand" {
  description = "Commands that run a business date."
  value       = { for name, environment in { staging = module.staging, production = module.production } : name => environment.run_by_hand }
}
