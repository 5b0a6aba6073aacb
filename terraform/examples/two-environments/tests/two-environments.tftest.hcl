mock_provider "aws" {
  alias  = "staging"
  source = "../../modules/etl/tests/mocks"
}

mock_provider "aws" {
  alias  = "production"
  source = "../../modules/etl/tests/mocks"
}

variables {
  region           = "eu-central-1"
  staging_image    = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/etl@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  production_image = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/etl@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
}

run "the_environments_share_no_name" {
  assert {
    condition     = length(distinct([for environment in [module.staging, module.production] : environment.lake_uri])) == 2 && module.staging.function_name != module.production.function_name
    error_message = "The environments use one bucket or one function."
  }
}
