# Runs of more than 15 minutes: the schedule and the marker start a Fargate task of the same image.
provider "aws" {
  region = var.region

  default_tags {
    tags = { application = var.name, environment = "production" }
  }
}

module "etl" {
  source = "../../modules/etl"

  name           = var.name
  image          = var.image
  runner         = "fargate"
  fargate        = { cpu = 2048, memory_mb = 8192 }
  marker_trigger = true
  allow_destroy  = var.allow_destroy
}
