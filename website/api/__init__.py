"""The API, and downloads of whole datasets.

middleware  allowed methods, CORS, and one format for all errors
responses   parameters, JSON and CSV, and ETags
problems    error responses
schemas     response schemas for the OpenAPI document
records     one record, and a few side by side
search      search
tables      tables, a page of rows at a time
about       the root, sources and coverage
v1          all endpoints, with their OpenAPI document
downloads   packages that `threepoint publish` wrote, and how their files are sent
views       the pages about the API and the downloads
"""
