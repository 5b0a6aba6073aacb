# What the root adds to the module: the provider's tags, the registry, and the image in it.
mock_provider "aws" {
  source = "./modules/etl/tests/mocks"
}

variables {
  region = "eu-central-1"
}

run "the_image_is_deployed_by_its_digest" {
  variables {
    image = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  }
  assert {
    condition     = local.image == "123456789012.dkr.ecr.eu-central-1.amazonaws.com/etl@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" && output.image == var.image && output.function_name == "etl"
    error_message = "The function has another image."
  }
}

run "an_image_has_a_tag" {
  command = plan
  variables {
    image = "1.2.3"
  }
  assert {
    condition     = endswith(local.image, "/etl:1.2.3")
    error_message = "The function has another image."
  }
}

run "the_registry_can_be_created_before_the_image_exists" {
  variables {
    registry_only = true
  }
  assert {
    condition     = length(module.etl) == 0 && output.registry == "123456789012.dkr.ecr.eu-central-1.amazonaws.com/etl" && output.function_name == null && output.image == null
    error_message = "The registry cannot be created on its own."
  }
}

run "no_image" {
  command         = plan
  expect_failures = [var.image]
}

run "image_latest" {
  command = plan
  variables {
    image = "latest"
  }
  expect_failures = [var.image]
}

run "unknown_region" {
  command = plan
  variables {
    region = "Frankfurt"
    image  = "1.2.3"
  }
  expect_failures = [var.region]
}

run "reserved_tags" {
  command = plan
  variables {
    tags  = { environment = "x" }
    image = "1.2.3"
  }
  expect_failures = [var.tags]
}
