mock_provider "aws" {
  source = "../../modules/etl/tests/mocks"
}

variables {
  region        = "eu-central-1"
  image         = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/etl@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  network       = { vpc_id = "vpc-1111", subnet_ids = ["subnet-1", "subnet-2"], route_table_ids = ["rtb-1"] }
  database      = { host = "shop.abc.eu-central-1.rds.amazonaws.com", name = "shop", resource_id = "db-ABC", security_group_id = "sg-9" }
  source_bucket = "shop-drop"
}

run "nothing_existing_is_created" {
  assert {
    condition     = module.etl.source_uri == "s3://shop-drop/daily/" && module.etl.database.host == var.database.host && module.etl.database.master_secret == null
    error_message = "A second database or source was created."
  }
}
