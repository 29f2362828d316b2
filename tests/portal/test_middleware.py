"""What a page may load and run."""


def policy(response) -> dict[str, str]:
    return dict(part.strip().split(" ", 1) for part in response["Content-Security-Policy"].split(";"))


def test_the_portal_runs_only_its_own_files(client, home):
    found = policy(client.get("/"))

    assert found["script-src"] == "'self'"
    assert found["style-src"] == "'self'"
    assert found["img-src"] == "'self' data:"
    assert found["frame-ancestors"] == "'self'"


def test_the_portal_pages_hold_no_inline_script_or_style(client, home):
    html = client.get("/login/").content.decode()

    assert "<script>" not in html
    assert " style=" not in html
    assert "<style" not in html


def test_the_editors_desk_runs_inline_scripts_the_server_rendered(client, superuser):
    client.force_login(superuser)

    response = client.get("/admin/")

    script = policy(response)["script-src"]
    assert script.startswith("'self' 'nonce-")
    assert b"<script>" not in response.content


def test_each_answer_has_a_nonce_of_its_own(client, superuser):
    client.force_login(superuser)

    assert policy(client.get("/admin/"))["script-src"] != policy(client.get("/admin/"))["script-src"]
