from app import db
from pytest_supaseed import rebind

database = rebind(db, autouse=True)
