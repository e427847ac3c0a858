"""One page, which says how many posts there are."""

from blog.models import Post
from django.http import HttpResponse
from django.urls import path

urlpatterns = [path("count/", lambda request: HttpResponse(str(Post.objects.count())))]
