import pytest
from summarizer import Article, Summarizer
@pytest.mark.parametrize("name",["ukraine-nato-offer","harbour-interview","reservoir-brief"])
def test_x(recorded,seeds,name):
    with recorded(name) as model, Summarizer(model=model) as s:
        b=s.summarize(seeds/f"{name}.txt")
    print(b.to_markdown())
    assert b.positions
