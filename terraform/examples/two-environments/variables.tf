variable "region" {
  description = "AWS region of all resources."
  type        = string
}

variable "name" {
  description = "Prefix of the names of both environments."
  type        = string
  default     = "etl"
}

variable "staging_image" {
  description = "URI of the image of staging, with its digest."
  type        = string
}

variable "production_image" {
  description = "URI of the image of production: one that staging has run."
  type        = string
}

variable "allow_destroy" {
  description = "Whether terraform destroy can delete the data."
  type        = bool
  default     = false
}
