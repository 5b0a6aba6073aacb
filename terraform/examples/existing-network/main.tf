# The pipeline in the network of an existing database, with an existing source bucket. Neither is changed, except for one rule in the
# security group of the database.
provider "aws" {
  region = var.region

  default_tags {
    tags = { application = var.name, environment = "production" }
  }
}

module "etl" {
  source = "../../modules/etl"

  name              = var.name
  image             = var.image
  existing_network  = merge(var.network, { endpoints = { s3 = "new", sns = "new" } })
  existing_database = var.database
  source_bucket     = { name = var.source_bucket, create = false, prefix = "daily" }
  allow_destroy     = var.allow_destroy
}
