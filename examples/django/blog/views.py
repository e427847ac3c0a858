"""The page with a user's posts, live and drafts."""

from blog.models import Post
from django.contrib.auth.decorators import login_required
from django.http import JsonResponse


@login_required
def posts(request):
    """The titles of the user's posts."""
    return JsonResponse({"posts": [post.title for post in Post.objects.filter(author=request.user)]})
