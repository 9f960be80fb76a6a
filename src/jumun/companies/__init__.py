"""Companies and their people: members and roles, API tokens, saved answers, the trail of personal-data access.

A person may be in several companies; a member is a person in one of them, with a role. `roles` says what each
role may do. Every look at personal data leaves a row in the access trail that the application cannot change.
"""
