# The pipeline with its own network, database, buckets and topic. Between runs only the stored data is billed.
provider "aws" {
  region = var.region

  default_tags {
    tags = { application = var.name, environment = "production" }
  }
}

module "etl" {
  source = "../../modules/etl"

  name          = var.name
  image         = var.image
  idle          = "zero"
  notify_emails = var.notify_emails
  allow_destroy = var.allow_destroy
}
