from content.organization.audience import reader_for


def test_a_person_with_a_post_reads_as_staff_and_one_without_as_the_public(staff, outsider):
    assert "staff" in reader_for(staff).tokens
    assert reader_for(outsider).tokens == {"public", f"user:{outsider.pk}"}
