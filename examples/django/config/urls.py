"""The pages of the example."""

from blog.views import posts
from django.urls import path

urlpatterns = [path("posts/", posts)]
