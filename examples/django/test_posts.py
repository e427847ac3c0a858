import pytest


@pytest.mark.django_db
@pytest.mark.seed({"auth.User": 3, "blog.Post": 8})
def test_a_user_sees_his_posts(client, django_user_model):
    user = django_user_model.objects.first()
    assert client.login(username=user.username, password="password123")
    assert len(client.get("/posts/").json()["posts"]) in (2, 3)
