"""How phones, server and app stand up to bad days: chaos, kill -9, the evening peak, cheap phones. docs/field-benchmarks.md"""
