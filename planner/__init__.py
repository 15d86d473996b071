"""The planner of Năm Rõ: domain, records, sheets, services and clock. Knows no Flask."""
