# Staging and production in one account. Both take images from one registry, so that production runs the bytes that staging ran.
provider "aws" {
  alias  = "staging"
  region = var.region

  default_tags {
    tags = { application = "${var.name}-staging", environment = "staging" }
  }
}

provider "aws" {
  alias  = "production"
  region = var.region

  default_tags {
    tags = { application = "${var.name}-production", environment = "production" }
  }
}

module "staging" {
  source    = "../../modules/etl"
  providers = { aws = aws.staging }

  name          = "${var.name}-staging"
  image         = var.staging_image
  idle          = "zero"
  allow_destroy = true
}

module "production" {
  source    = "../../modules/etl"
  providers = { aws = aws.production }

  name          = "${var.name}-production"
  image         = var.production_image
  vpc_cidr      = "10.43.0.0/22"
  allow_destroy = var.allow_destroy
}
