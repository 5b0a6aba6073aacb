# A network without a route to the internet, and the use of existing resources.
mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  image = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/etl@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
}

run "a_new_network_reaches_only_buckets_topic_and_database" {
  assert {
    condition     = aws_vpc_endpoint.s3[0].vpc_endpoint_type == "Gateway" && keys(aws_vpc_endpoint.interface) == ["sns"] && aws_vpc_endpoint.interface["sns"].private_dns_enabled
    error_message = "S3 or SNS is unreachable, or there is an unused endpoint."
  }
  assert {
    condition     = toset(jsondecode(aws_vpc_endpoint.s3[0].policy).Statement[0].Resource) == toset(["arn:aws:s3:::etl-source-123456789012-eu-central-1", "arn:aws:s3:::etl-source-123456789012-eu-central-1/*", "arn:aws:s3:::etl-lake-123456789012-eu-central-1", "arn:aws:s3:::etl-lake-123456789012-eu-central-1/*"])
    error_message = "The gateway endpoint allows other buckets."
  }
  assert {
    condition     = jsondecode(aws_vpc_endpoint.interface["sns"].policy).Statement[0].Resource == "arn:aws:sns:eu-central-1:123456789012:etl" && jsondecode(aws_vpc_endpoint.interface["sns"].policy).Statement[0].Action == "sns:Publish"
    error_message = "The interface endpoint allows other topics."
  }
  assert {
    condition     = length(aws_subnet.private) == 2 && alltrue([for subnet in aws_subnet.private : coalesce(subnet.map_public_ip_on_launch, false) == false]) && aws_subnet.private[0].availability_zone != aws_subnet.private[1].availability_zone
    error_message = "The subnets are public or in one zone."
  }
  assert {
    condition     = length(setsubtract([for route in coalesce(aws_route_table.private[0].route, []) : route.cidr_block], [])) == 0
    error_message = "There is a route to the internet."
  }
  assert {
    condition = alltrue([
      for rule in [aws_vpc_security_group_egress_rule.runner_to_database, aws_vpc_security_group_egress_rule.runner_to_s3, aws_vpc_security_group_egress_rule.runner_to_services["new"], aws_vpc_security_group_ingress_rule.database_from_runner, aws_vpc_security_group_ingress_rule.endpoints_from_runner[0], aws_vpc_security_group_ingress_rule.database_from_admin[0], aws_vpc_security_group_egress_rule.admin_to_database[0]] :
      rule.cidr_ipv4 == null && rule.cidr_ipv6 == null
    ])
    error_message = "A rule refers to an address instead of a security group."
  }
}

run "a_new_network_reaches_the_bucket_of_extensions" {
  variables {
    extensions = { directory = "s3://shop-code/own" }
  }
  assert {
    condition     = length(jsondecode(aws_vpc_endpoint.s3[0].policy).Statement[0].Resource) == 6 && contains(jsondecode(aws_vpc_endpoint.s3[0].policy).Statement[0].Resource, "arn:aws:s3:::shop-code/*")
    error_message = "The gateway endpoint refuses the bucket of the extensions."
  }
}

run "fargate_adds_the_endpoints_of_registry_and_logs" {
  variables {
    fargate = {}
  }
  assert {
    condition     = toset(keys(aws_vpc_endpoint.interface)) == toset(["sns", "ecr.api", "ecr.dkr", "logs"]) && contains(jsondecode(aws_vpc_endpoint.s3[0].policy).Statement[0].Resource, "arn:aws:s3:::prod-eu-central-1-starport-layer-bucket/*")
    error_message = "A task cannot pull its image or write its log."
  }
}

run "an_existing_network_is_used" {
  variables {
    existing_network = { vpc_id = "vpc-1111", subnet_ids = ["subnet-1", "subnet-2"], endpoints = { s3 = "existing", sns = "existing" } }
  }
  assert {
    condition     = length(aws_vpc.etl) == 0 && length(aws_vpc_endpoint.s3) == 0 && length(aws_vpc_endpoint.interface) == 0
    error_message = "A second network or second endpoints were created."
  }
  assert {
    condition     = aws_lambda_function.etl.vpc_config[0].subnet_ids == toset(["subnet-1", "subnet-2"]) && aws_security_group.runner.vpc_id == "vpc-1111"
    error_message = "The function is not in the existing network."
  }
  assert {
    condition     = { for way, rule in aws_vpc_security_group_egress_rule.runner_to_services : way => rule.cidr_ipv4 } == { existing = "10.9.0.0/16" } && length(aws_security_group.endpoints) == 0
    error_message = "The function can reach addresses outside the network."
  }
}

run "an_existing_database_is_used" {
  variables {
    existing_network  = { vpc_id = "vpc-1111", subnet_ids = ["subnet-1", "subnet-2"], route_table_ids = ["rtb-1"] }
    existing_database = { host = "shop.cluster-x.eu-central-1.rds.amazonaws.com", name = "warehouse", resource_id = "cluster-ABC", security_group_id = "sg-9" }
    database_user     = "etl_night"
  }
  assert {
    condition     = length(aws_db_instance.etl) == 0 && length(aws_security_group.database) == 0 && length(aws_security_group.admin) == 0
    error_message = "A second database was created."
  }
  assert {
    condition     = [for statement in local.run_statements : statement.Resource if statement.Sid == "LogInToDatabase"][0] == "arn:aws:rds-db:eu-central-1:123456789012:dbuser:cluster-ABC/etl_night"
    error_message = "The function cannot log in, or can log in as another user."
  }
  assert {
    condition     = aws_vpc_security_group_ingress_rule.database_from_runner.security_group_id == "sg-9" && aws_vpc_security_group_egress_rule.runner_to_database.referenced_security_group_id == "sg-9"
    error_message = "No rule allows traffic to the database."
  }
  assert {
    condition     = startswith(aws_lambda_function.etl.environment[0].variables.ETL__POSTGRES__CONNECTIONSTRING, "Host=shop.cluster-x.eu-central-1.rds.amazonaws.com;Port=5432;Database=warehouse;Username=etl_night;")
    error_message = "The function connects to another database."
  }
  assert {
    condition     = !contains(keys(aws_cloudwatch_metric_alarm.etl), "database-storage")
    error_message = "There is an alarm on an existing database."
  }
}

run "existing_buckets_are_not_changed" {
  variables {
    source_bucket = { name = "shop-drop", create = false, prefix = "", kms_key_arn = "arn:aws:kms:eu-central-1:123456789012:key/22222222-2222-2222-2222-222222222222" }
    lake_bucket   = { name = "shop-drop", create = false, prefix = "", kms_key_arn = "arn:aws:kms:eu-central-1:123456789012:key/22222222-2222-2222-2222-222222222222" }
  }
  assert {
    condition     = length(aws_s3_bucket.etl) == 0 && length(aws_s3_bucket_policy.etl) == 0 && length(aws_s3_bucket_lifecycle_configuration.etl) == 0
    error_message = "An existing bucket was changed."
  }
  assert {
    condition = (
      aws_lambda_function.etl.environment[0].variables.ETL__SOURCE__URI == "s3://shop-drop/" &&
      aws_lambda_function.etl.environment[0].variables.ETL__S3__KMSKEYID == "arn:aws:kms:eu-central-1:123456789012:key/22222222-2222-2222-2222-222222222222" &&
      [for statement in local.run_statements : statement.Resource if statement.Sid == "WriteLake"][0] == "arn:aws:s3:::shop-drop/analytics_export/*"
    )
    error_message = "The pipeline does not use the existing bucket."
  }
  assert {
    condition     = contains([for statement in local.run_statements : statement.Resource if statement.Sid == "UseKeyThroughServices"][0], "arn:aws:kms:eu-central-1:123456789012:key/22222222-2222-2222-2222-222222222222")
    error_message = "The pipeline cannot use the key of the bucket."
  }
}

run "availability_zones_can_be_named" {
  command = plan
  variables {
    availability_zones = ["eu-central-1c", "eu-central-1a"]
  }
  assert {
    condition     = aws_subnet.private[*].availability_zone == ["eu-central-1c", "eu-central-1a"]
    error_message = "The subnets are in other zones."
  }
}

run "each_endpoint_of_an_existing_network_is_new_existing_or_none" {
  variables {
    fargate          = {}
    existing_network = { vpc_id = "vpc-1111", subnet_ids = ["subnet-1", "subnet-2"], route_table_ids = ["rtb-1"], endpoints = { sns = "existing", fargate = "none" } }
  }
  assert {
    condition     = length(aws_vpc_endpoint.s3) == 1 && length(aws_vpc_endpoint.interface) == 0
    error_message = "An endpoint is missing, or a second one was created."
  }
  assert {
    condition     = { for way, rule in aws_vpc_security_group_egress_rule.runner_to_services : way => rule.cidr_ipv4 } == { existing = "10.9.0.0/16", none = "0.0.0.0/0" }
    error_message = "The function cannot reach a service, or can reach other addresses."
  }
}

run "a_new_endpoint_can_be_beside_existing_ones" {
  variables {
    fargate          = {}
    existing_network = { vpc_id = "vpc-1111", subnet_ids = ["subnet-1", "subnet-2"], endpoints = { s3 = "none", sns = "new", fargate = "existing" } }
  }
  assert {
    condition     = length(aws_vpc_endpoint.s3) == 0 && toset(keys(aws_vpc_endpoint.interface)) == toset(["sns"]) && toset(keys(aws_vpc_security_group_egress_rule.runner_to_services)) == toset(["new", "existing"])
    error_message = "The endpoint of SNS is not created, or others are."
  }
}
