# Runs of more than 15 minutes: the schedule and the marker start a Fargate task of the same image. Each run starts three more
# that load parts of its datasets.
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
  loaders        = { tasks = 3 }
  marker_trigger = true
  allow_destroy  = var.allow_destroy
}
