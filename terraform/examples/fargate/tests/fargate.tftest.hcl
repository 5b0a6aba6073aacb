mock_provider "aws" {
  source = "../../modules/etl/tests/mocks"
}

variables {
  region = "eu-central-1"
  image  = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/etl@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
}

run "a_task_can_be_started" {
  assert {
    condition     = startswith(output.run_task, "aws ecs run-task ")
    error_message = "There is no task."
  }
}
