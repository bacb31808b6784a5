"""The API, and whole datasets as files: what the pages show, for programs.

front     what stands before every answer: methods, other sites, how often; errors in one form
asked     what may be asked, and in which form the answer is given
problems  what is said where there is no answer
records   one thing, and a few side by side
finding   search
rows      tables, a page of rows at a time
told      what this is, sources, coverage
v1        the endpoints together, with their OpenAPI
files     packages that `threepoint publish` wrote, and how they are sent
views     the pages about both
"""
