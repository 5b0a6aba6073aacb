terraform {
  # 1.9 is the first version in which a validation can refer to other variables.
  required_version = ">= 1.9"

  required_providers {
    aws = {
      source = "hashicorp/aws"
      # The module uses no argument that version 6 removed. The tests run with 5.100.0.
      version = ">= 5.100, < 7"
    }
  }
}
