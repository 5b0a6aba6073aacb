mock_provider "aws" {
  source = "../../modules/etl/tests/mocks"
}

variables {
  region = "eu-central-1"
  image  = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/etl@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
}

run "the_deployment_is_protected_by_default" {
  assert {
    condition     = !var.allow_destroy && strcontains(output.run_by_hand, "--function-name etl ")
    error_message = "The deployment can be destroyed with its data."
  }
}
