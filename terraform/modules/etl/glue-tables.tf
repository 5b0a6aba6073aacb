# Generated from the analytics tables by tests/Etl.ArchitectureTests with ETL_GOLDEN=write.
locals {
  # Folders below the lake, with the name of a table.
  parquet_latest  = "analytics_export/latest/%s"
  parquet_history = "analytics_export/tables/%s"
  # The folder of a business date below a history.
  parquet_partition = "business_date=$${business_date}"

  # Columns with their types in PostgreSQL; id(...) is a number or a text, as the settings of IDs say.
  analytics_columns = {
    agg_public_holiday = [
      "ingestion_date date",
      "tt_order_hol_jan integer",
      "tt_order_hol_feb integer",
      "tt_order_hol_mar integer",
      "tt_order_hol_apr integer",
      "tt_order_hol_may integer",
      "tt_order_hol_jun integer",
      "tt_order_hol_jul integer",
      "tt_order_hol_aug integer",
      "tt_order_hol_sep integer",
      "tt_order_hol_oct integer",
      "tt_order_hol_nov integer",
      "tt_order_hol_dec integer",
    ]
    agg_shipments = [
      "ingestion_date date",
      "tt_late_shipments integer",
      "tt_undelivered_items integer",
    ]
    best_performing_product = [
      "ingestion_date date",
      "product_name text",
      "most_ordered_day date",
      "is_public_holiday boolean",
      "tt_review_points integer",
      "pct_one_star_review numeric(5,2)",
      "pct_two_star_review numeric(5,2)",
      "pct_three_star_review numeric(5,2)",
      "pct_four_star_review numeric(5,2)",
      "pct_five_star_review numeric(5,2)",
      "pct_early_shipments numeric(5,2)",
      "pct_late_shipments numeric(5,2)",
    ]
    daily_orders = [
      "order_date date",
      "orders bigint",
      "quantity bigint",
      "revenue numeric(20,2)",
      "is_public_holiday boolean",
    ]
    product_performance = [
      "product_id id(product)",
      "product_name text",
      "orders bigint",
      "quantity bigint",
      "revenue numeric(20,2)",
      "reviews bigint",
      "review_points bigint",
      "pct_one_star_review numeric(5,2)",
      "pct_two_star_review numeric(5,2)",
      "pct_three_star_review numeric(5,2)",
      "pct_four_star_review numeric(5,2)",
      "pct_five_star_review numeric(5,2)",
      "pct_early_shipments numeric(5,2)",
      "pct_late_shipments numeric(5,2)",
    ]
    shipment_status = [
      "status text",
      "age text",
      "shipments bigint",
    ]
  }
}
