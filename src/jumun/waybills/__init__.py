"""waybills"""
