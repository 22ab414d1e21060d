# Places that eyecite 2.7 finds in the labelled sentences, for `evaluate --peer eyecite FILE`. Run in the workspace root:
#   pip install "eyecite==2.7.*"; python3 crates/citation/tests/gold/eyecite_places.py > eyecite.jsonl
import json,sys,warnings
warnings.filterwarnings('ignore')
from eyecite import get_citations
from eyecite.models import FullCaseCitation
for l in open('../shared/entities/inlegalner_train_judgment_bio.jsonl'):
    d=json.loads(l)
    sp=[]
    for c in get_citations(d['text']):
        if isinstance(c,FullCaseCitation): sp.append(list(c.span()))
    print(json.dumps({'id':d['id'],'spans':sp}))
