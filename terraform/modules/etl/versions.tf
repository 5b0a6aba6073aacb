terraform {
  # 1.9 is the first version in which a validation can refer to other variables.
  required_version = ">= 1.9"

  required_providers {
    aws = {
      source = "hashicorp/aws"
      # By its upgrade guide, version 6 removed no argument that the module uses. The tests run with 5.100.0.
      version = ">= 5.100, < 7"
    }
  }
}
