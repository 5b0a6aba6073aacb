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

variable "network" {
  description = "The VPC of the database, two private subnets in different zones, and their route tables."
  type = object({
    vpc_id          = string
    subnet_ids      = list(string)
    route_table_ids = list(string)
  })
}

variable "database" {
  description = "An RDS for PostgreSQL instance or Aurora cluster in the VPC: its endpoint, database, resource id and security group."
  type = object({
    host              = string
    name              = string
    resource_id       = string
    security_group_id = string
  })
}

variable "source_bucket" {
  description = "Existing bucket with the snapshots, under the prefix daily/."
  type        = string
}

variable "allow_destroy" {
  description = "Whether terraform destroy can delete the data."
  type        = bool
  default     = false
}
