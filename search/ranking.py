"""What ranks, in one place for all engines: weights of the parts of a document and of a question.

One setting serves every kind of content; `make bench BENCH=relevance` measures it.
"""

from search.fields import Field

TITLE = 5.0  # a word in the title or among the codes and names against one in the body
FILES = 0.5  # what a file says is less about a document than what itself says
SYNONYM = 0.6  # another word of the same meaning against the word that was typed
SHARE = 0.1  # of the pairs of a question a document must hold to be an answer; the words of asking take many
SHARE_MOST = 3  # pairs are enough for however long a question

# The columns of an index a term is looked for in, with their weights.
COLUMNS = {
    Field.ANY: (("title", TITLE), ("keywords", TITLE), ("body", 1.0), ("files", FILES)),
    Field.TITLE: (("title", TITLE),),
    Field.BODY: (("body", 1.0), ("files", FILES)),
    Field.CODES: (("keywords", TITLE),),
}
# The same for the pairs of a question. It shares a word or two with many titles; weighted alike, the lengths of the
# columns decide, and answers stand higher: mean reciprocal rank .95 on 11,000 questions against .90 with heavy titles.
NATURAL_COLUMNS = {
    Field.ANY: (("title", 1.0), ("keywords", 1.0), ("body", 1.0), ("files", FILES)),
    Field.TITLE: (("title", 1.0),),
    Field.BODY: (("body", 1.0), ("files", FILES)),
    Field.CODES: (("keywords", 1.0),),
}
# The columns of dictionary words, which only rank.
WORD_COLUMNS = {
    Field.ANY: (("title_words", 1.0), ("body_words", 1.0)),
    Field.TITLE: (("title_words", 1.0),),
    Field.BODY: (("body_words", 1.0),),
    Field.CODES: (),
}
