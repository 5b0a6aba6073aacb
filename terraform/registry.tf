module "registry" {
  source = "./modules/registry"

  name          = var.name
  functions     = [var.name, "${var.name}-relay"]
  allow_destroy = var.allow_destroy
}

locals {
  image = var.registry_only ? "" : join(startswith(var.image, "sha256:") ? "@" : ":", [module.registry.url, var.image])
}

output "registry" {
  description = "URL of the image registry."
  value       = module.registry.url
}

output "image" {
  description = "Digest or tag of the deployed image."
  value       = var.registry_only ? null : var.image
}
