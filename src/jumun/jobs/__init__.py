"""What the user watches: long or remote pieces of work (쇼핑몰 작업, 엑셀 작업), and the only door to the queue.

A job has parts (one per account and lane) that run as queue tasks; each target's outcome and reason is an entry.
The job ends when its last part ends. `queue` is the only file that knows procrastinate's API for enqueueing.
"""
