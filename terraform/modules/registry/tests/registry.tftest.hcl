mock_provider "aws" {
  source = "../etl/tests/mocks"
}

variables {
  name      = "etl"
  functions = ["etl", "etl-relay"]
}

run "the_registry_has_immutable_tags_and_scans" {
  assert {
    condition     = aws_ecr_repository.etl.image_tag_mutability == "IMMUTABLE" && aws_ecr_repository.etl.image_scanning_configuration[0].scan_on_push && !aws_ecr_repository.etl.force_delete
    error_message = "A tag can be moved, or images are not scanned."
  }
}

run "the_image_is_pulled_by_these_functions_only" {
  assert {
    condition = jsondecode(aws_ecr_repository_policy.etl.policy).Statement[0].Condition == {
      StringEquals = { "aws:SourceAccount" = "123456789012" }
      ArnLike      = { "aws:SourceArn" = ["arn:aws:lambda:eu-central-1:123456789012:function:etl", "arn:aws:lambda:eu-central-1:123456789012:function:etl-relay"] }
    }
    error_message = "Other functions can pull the image."
  }
}

run "a_trial_can_be_destroyed" {
  variables {
    allow_destroy = true
  }
  assert {
    condition     = aws_ecr_repository.etl.force_delete
    error_message = "A trial cannot be destroyed."
  }
}
