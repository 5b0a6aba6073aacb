variable "region" {
  description = "AWS region of all resources."
  type        = string
}

variable "name" {
  description = "Name of the deployment."
  type        = string
  default     = "etl"
}

variable "image" {
  description = "URI of the image, with its digest."
  type        = string
}

variable "notify_emails" {
  description = "Mail addresses for run messages and alarms."
  type        = list(string)
  default     = []
}

variable "allow_destroy" {
  description = "Whether terraform destroy can delete the data."
  type        = bool
  default     = false
}
