variable "name" {
  description = "Name of the registry."
  type        = string
}

variable "functions" {
  description = "Names of the functions that pull images, in the account and region of the registry."
  type        = list(string)
}

variable "allow_destroy" {
  description = "Whether terraform destroy can delete the registry with its images."
  type        = bool
  default     = false
}
