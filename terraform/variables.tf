variable "region" {
  description = "AWS region of all resources, such as eu-central-1."
  type        = string

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "Set region to a valid value, such as \"eu-central-1\"."
  }
}

variable "environment" {
  description = "Value of the tag `environment`."
  type        = string
  default     = "production"

  validation {
    condition     = length(var.environment) > 0
    error_message = "Set environment to a value, such as \"production\"."
  }
}

variable "tags" {
  description = "Additional tags for every resource; application, environment and managed-by are always set."
  type        = map(string)
  default     = {}

  validation {
    condition     = length(setintersection(["application", "environment", "managed-by"], keys(var.tags))) == 0
    error_message = "Remove application, environment and managed-by from tags: name and environment set them."
  }
}

variable "image" {
  description = "Digest (sha256:...) or tag of the image in the registry of this deployment. build/deploy sets it; `terraform output -raw image` prints the deployed one."
  type        = string
  default     = null

  validation {
    condition     = var.registry_only || can(regex("^(sha256:[0-9a-f]{64}|[A-Za-z0-9_][A-Za-z0-9._-]{0,127})$", var.image)) && try(lower(var.image) != "latest", false)
    error_message = "Set image to the digest or tag of an image in the registry; `terraform output -raw image` prints the deployed one. \"latest\" is not allowed, because roll-back needs a fixed image."
  }
}

variable "registry_only" {
  description = "Whether to create the image registry only, into which the image is pushed before the first deployment. On a deployment, true removes everything else."
  type        = bool
  default     = false
}
