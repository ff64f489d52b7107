"""A referral from the link to the gift: who brought whom, who is reminded of what, and taking it back."""

from datetime import timedelta

from bot.domain.people import Role
from tests.chat import Company, Person

TUESDAY_MORNING = timedelta(days=1)
LINK = "https://t.me/thu_bot?start="


async def a_rep_with_lan(company: Company) -> Person:
    minh = await company.hires("Minh")
    await minh.says("Khách mới chị Lan 0912 345 678")
    return minh


async def the_link_of(rep: Person, name: str) -> str:
    """What the customer's personal link carries."""
    await rep.says(name)
    await rep.taps("Thêm")
    await rep.taps("Giới thiệu")
    await rep.taps("Link và mã QR")
    shown = rep.fresh[-1].reply
    (copy,) = (choice.copy for row in shown.choices for choice in row if "Chép link" in choice.label)
    assert shown.picture
    assert shown.picture.content.startswith(b"\x89PNG")
    rep.sees(copy, "Tin soạn sẵn", "Chép tin nhắn")
    return copy.removeprefix(LINK)


async def hoa_comes_by_word_of_lan(company: Company) -> Person:
    minh = await a_rep_with_lan(company)
    await minh.says("Khách mới chị Hoa 0977 111 222, chị Lan giới thiệu")
    return minh


async def test_a_personal_link_stays_the_same(company: Company) -> None:
    minh = await a_rep_with_lan(company)
    first = await the_link_of(minh, "chị Lan")
    assert first.startswith("ref_")
    assert await the_link_of(minh, "chị Lan") == first


async def test_who_recommended_us_is_to_be_thanked_and_the_friend_to_be_met(company: Company) -> None:
    minh = await hoa_comes_by_word_of_lan(company)
    await minh.says("/homnay")
    minh.sees("chị Lan", "Cảm ơn khách đã giới thiệu bạn", "Đã giới thiệu: chị Hoa", "giới thiệu bạn bè đến với bên em")
    await company.waits(TUESDAY_MORNING)
    await minh.says("chị Hoa")
    await minh.taps("Việc")
    minh.sees("Liên hệ khách mới được giới thiệu")


async def test_what_is_planned_with_the_friend_anyhow_is_not_planned_twice(company: Company) -> None:
    minh = await a_rep_with_lan(company)
    await minh.says("Khách mới chị Hoa 0977 111 222, chị Lan giới thiệu. T6 gọi lại")
    await minh.says("chị Hoa")
    await minh.taps("Việc")
    minh.sees("gọi lại")
    minh.does_not_see("Liên hệ khách mới được giới thiệu")


async def test_two_friends_on_one_day_are_one_thanks(company: Company) -> None:
    minh = await hoa_comes_by_word_of_lan(company)
    await minh.says("Khách mới anh Nam 0977 111 333, chị Lan giới thiệu")
    await minh.says("/homnay")
    assert minh.reads().count("Cảm ơn khách đã giới thiệu bạn") == 1
    minh.sees("anh Nam và chị Hoa")


async def test_a_purchase_of_the_friend_earns_both_a_gift(company: Company) -> None:
    minh = await hoa_comes_by_word_of_lan(company)
    await minh.says("c Hoa chốt gói Pro 12tr5")
    minh.sees("Khách do chị Lan giới thiệu: em sẽ nhắc cảm ơn và tặng quà cả hai")
    await minh.says("chị Lan")
    minh.sees("🎁 1 quà giới thiệu chưa tặng", "bạn của khách đã mua hàng")
    minh.does_not_see("Cảm ơn khách đã giới thiệu bạn")  # the gift thanks them now
    await minh.taps("Thêm")
    await minh.taps("Giới thiệu")
    minh.sees("Đã giới thiệu:", "chị Hoa", "đã mua", "quà: chưa tặng", "Đã tặng quà (chị Hoa)")
    await minh.says("chị Hoa")
    minh.sees("Tặng quà chào mừng")
    minh.does_not_see("Liên hệ khách mới được giới thiệu")


async def test_a_gift_is_given_from_the_reminder(company: Company) -> None:
    minh = await hoa_comes_by_word_of_lan(company)
    await minh.says("c Hoa chốt gói Pro 12tr5")
    await company.waits(TUESDAY_MORNING)
    await minh.says("chị Lan")
    await minh.taps("Việc")
    await minh.taps("Cảm ơn và tặng quà")
    minh.sees("Đã giới thiệu: chị Hoa", "món quà nhỏ cảm ơn chị")
    await minh.taps("Xong")
    minh.sees("Anh/chị đã tặng quà cho chị Lan chưa?")
    given = minh.data_of("Đã tặng quà (chị Hoa)")
    await minh.taps("Đã tặng quà (chị Hoa)")
    minh.sees("quà: đã tặng T3 24/11")
    assert not any("Đã tặng quà" in label for label in minh.buttons())
    await minh.taps_old("x:1", given)
    minh.sees("Món quà này đã ghi là tặng rồi")
    await minh.says("chị Lan")
    minh.does_not_see("chưa tặng", "bạn của khách đã mua hàng")
    await minh.says("chị Hoa")
    minh.sees("1 quà giới thiệu chưa tặng")  # hers is another one


async def test_a_gift_is_not_given_after_all(company: Company) -> None:
    minh = await hoa_comes_by_word_of_lan(company)
    await minh.says("c Hoa chốt gói Pro 12tr5")
    await minh.says("chị Lan")
    await minh.taps("Thêm")
    await minh.taps("Giới thiệu")
    await minh.taps("Đã tặng quà (chị Hoa)")
    await minh.taps("Hoàn tác")
    await minh.says("chị Lan")
    minh.sees("1 quà giới thiệu chưa tặng", "bạn của khách đã mua hàng")


async def test_a_sale_that_is_taken_back_takes_the_gifts_along(company: Company) -> None:
    minh = await hoa_comes_by_word_of_lan(company)
    await minh.says("c Hoa chốt gói Pro 12tr5")
    await minh.says("/hoantac")
    await minh.says("chị Lan")
    minh.does_not_see("chưa tặng", "bạn của khách đã mua hàng")
    minh.sees("Cảm ơn khách đã giới thiệu bạn")  # as before the sale
    await minh.says("chị Hoa")
    minh.sees("Liên hệ khách mới được giới thiệu")
    minh.does_not_see("chưa tặng", "Tặng quà chào mừng")
    await minh.says("c Hoa chốt gói Pro 12tr5")
    await minh.says("chị Lan")
    minh.sees("1 quà giới thiệu chưa tặng")


async def test_a_sale_whose_gift_was_given_is_not_taken_back(company: Company) -> None:
    minh = await hoa_comes_by_word_of_lan(company)
    await minh.says("c Hoa chốt gói Pro 12tr5")
    sale = minh.data_of("Hoàn tác")
    await minh.says("chị Lan")
    await minh.taps("Thêm")
    await minh.taps("Giới thiệu")
    await minh.taps("Đã tặng quà (chị Hoa)")
    await minh.taps_old("x:1", sale)
    await minh.says("chị Hoa")
    minh.sees("12.500.000")


async def test_a_second_purchase_earns_nothing_more(company: Company) -> None:
    minh = await hoa_comes_by_word_of_lan(company)
    await minh.says("c Hoa chốt gói Pro 12tr5")
    await company.waits(TUESDAY_MORNING)
    await minh.says("c Hoa chốt gói Basic 2tr")
    minh.does_not_see("tặng quà cả hai")
    await minh.says("chị Lan")
    minh.sees("1 quà giới thiệu chưa tặng")


async def test_the_chain_is_shown_upwards_and_all_down(company: Company) -> None:
    minh = await hoa_comes_by_word_of_lan(company)
    await minh.says("Khách mới anh Nam 0977 111 333, chị Hoa giới thiệu")
    await minh.says("chị Lan")
    minh.sees("đã giới thiệu 1 khách")
    await minh.taps("Thêm")
    await minh.taps("Giới thiệu")
    minh.sees("• chị Hoa (KH000002) · chưa mua", "   • anh Nam (KH000003) · chưa mua")
    await minh.says("chị Hoa")
    await minh.taps("Thêm")
    await minh.taps("Giới thiệu")
    minh.sees("Người giới thiệu: chị Lan", "• anh Nam")


async def test_a_chain_that_closes_ends(company: Company) -> None:
    minh = await hoa_comes_by_word_of_lan(company)
    await minh.says("chị Lan do chị Hoa giới thiệu")
    await minh.says("chị Lan")
    await minh.taps("Thêm")
    await minh.taps("Giới thiệu")
    assert minh.reads().count("• chị Hoa") == 1


async def test_a_colleague_who_sold_to_the_friend_does_not_leave_the_rep_without_word(company: Company) -> None:
    boss, ha = await company.hires("Bảo", Role.OWNER), await company.hires("Hà")
    await ha.says("Khách mới chị Lan 0912 345 678")
    await boss.says("Khách mới chị Hoa 0977 111 222, chị Lan giới thiệu")
    await ha.says("/homnay")
    ha.sees("chị Lan", "Cảm ơn khách đã giới thiệu bạn")
    await boss.says("c Hoa chốt gói Pro 12tr5")
    await company.delivers_pushes()
    ha.sees("Có khách do chị Lan (KH000001) giới thiệu vừa mua hàng")
    ha.never_saw("chị Hoa")  # who is not hers to see
    await ha.says("chị Lan")
    ha.sees("1 quà giới thiệu chưa tặng")
    await ha.taps("Thêm")
    await ha.taps("Giới thiệu")
    ha.sees("Đã tặng quà")
    ha.does_not_see("chị Hoa")


# By the personal link ---------------------------------------------------------------------------------------------------


async def a_team_with_lan(company: Company) -> tuple[Person, Person, Person]:
    """An owner, a colleague whose turn it would be, and the rep who takes care of chị Lan."""
    boss, ha = await company.hires("Bảo", Role.OWNER), await company.hires("Hà")
    minh = await a_rep_with_lan(company)
    return boss, ha, minh


async def test_from_the_link_to_the_gift(company: Company) -> None:
    _, ha, minh = await a_team_with_lan(company)
    payload = await the_link_of(minh, "chị Lan")
    friend = company.meets("Kim Oanh")
    await friend.says(f"/start {payload}")
    friend.sees("lời giới thiệu của bạn bè", "Nội thất An Nhiên")
    friend.never_saw("Lan")
    await company.delivers_pushes()
    minh.sees("Kim Oanh", "Người giới thiệu: chị Lan", "Liên hệ khách mới được giới thiệu")
    ha.never_saw("Kim Oanh")
    await friend.shares_contact("Kim Oanh", "0977111222", own=True)
    await minh.says("Kim Oanh")
    minh.sees("0977 111 222", "Nguồn: giới thiệu", "Người giới thiệu: chị Lan")
    await minh.says("Kim Oanh chốt gói Pro 12tr5")
    minh.sees("Khách do chị Lan giới thiệu")
    await minh.says("chị Lan")
    minh.sees("đã giới thiệu 1 khách", "1 quà giới thiệu chưa tặng")
    await minh.taps("Thêm")
    await minh.taps("Giới thiệu")
    await minh.taps("Đã tặng quà (Kim Oanh)")
    minh.sees("quà: đã tặng")
    await minh.says("/tuan")
    minh.sees("Khách được giới thiệu: 1")


async def test_ones_own_link_is_no_referral(company: Company) -> None:
    _, _, minh = await a_team_with_lan(company)
    payload = await the_link_of(minh, "chị Lan")
    lan = company.meets("Lan")
    await lan.says("/start")
    await lan.shares_contact("Lan", "0912345678", own=True)
    await lan.says(f"/start {payload}")
    lan.sees("Đây là link của chính anh/chị")
    await minh.says("chị Lan")
    minh.does_not_see("giới thiệu 1 khách", "Người giới thiệu")


async def test_ones_own_link_from_another_account_is_no_referral(company: Company) -> None:
    _, _, minh = await a_team_with_lan(company)
    payload = await the_link_of(minh, "chị Lan")
    other = company.meets("Lan số hai")
    await other.says(f"/start {payload}")
    await other.shares_contact("Lan", "0912345678", own=True)
    await minh.says("chị Lan")
    minh.does_not_see("giới thiệu 1 khách", "Người giới thiệu", "Cảm ơn khách đã giới thiệu bạn")


async def test_a_customer_whom_we_know_is_not_a_referral(company: Company) -> None:
    _, _, minh = await a_team_with_lan(company)
    payload = await the_link_of(minh, "chị Lan")
    await minh.says("Khách mới anh Nam 0977 111 333")
    friend = company.meets("Nam")
    await friend.says(f"/start {payload}")
    await friend.shares_contact("Nam", "0977111333", own=True)
    await friend.says(f"/start {payload}")
    await minh.says("chị Lan")
    minh.does_not_see("giới thiệu 1 khách", "Cảm ơn khách đã giới thiệu bạn")
    await minh.says("anh Nam")
    minh.does_not_see("Người giới thiệu")


async def test_a_link_opened_twice_is_one_friend(company: Company) -> None:
    _, _, minh = await a_team_with_lan(company)
    payload = await the_link_of(minh, "chị Lan")
    friend = company.meets("Kim Oanh")
    await friend.says(f"/start {payload}")
    await friend.says(f"/start {payload}")
    await minh.says("chị Lan")
    minh.sees("đã giới thiệu 1 khách")


async def test_a_link_that_is_none_is_a_first_word(company: Company) -> None:
    _, _, minh = await a_team_with_lan(company)
    friend = company.meets("Kim Oanh")
    for odd in ("ref_", "ref_xyz", "ref_²", "ref_1", "ref_" + "a" * 200, "ref_' OR 1=1"):
        await friend.says(f"/start {odd}")
        friend.sees("Nội thất An Nhiên")
        friend.does_not_see("trục trặc")
    await minh.says("chị Lan")
    minh.does_not_see("giới thiệu 1 khách")


async def test_the_friend_of_a_rep_who_left_goes_to_who_is_there(company: Company) -> None:
    boss, _, minh = await a_team_with_lan(company)
    payload = await the_link_of(minh, "chị Lan")
    assert minh.member
    async with company.store.begin() as uow:
        await uow.members.update(minh.member, active=False)
        await uow.commit()
    friend = company.meets("Kim Oanh")
    await friend.says(f"/start {payload}")
    friend.sees("lời giới thiệu của bạn bè")
    await boss.says("Kim Oanh")
    boss.sees("Người giới thiệu: chị Lan")


async def test_a_member_who_opens_a_link_is_greeted_as_a_member(company: Company) -> None:
    _, ha, minh = await a_team_with_lan(company)
    payload = await the_link_of(minh, "chị Lan")
    await ha.says(f"/start {payload}")
    ha.does_not_see("lời giới thiệu của bạn bè")
    await minh.says("chị Lan")
    minh.does_not_see("giới thiệu 1 khách")
